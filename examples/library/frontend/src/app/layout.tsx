import type { Metadata } from "next";
import type { ReactNode } from "react";
import { libraryName } from "@/lib/name.ts";
import "./globals.css";

export const metadata: Metadata = { title: libraryName, description: "Borrow a book, and bring it back." };

export default function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <main>
          <h1>{libraryName}</h1>
          {children}
        </main>
      </body>
    </html>
  );
}
