"use client";

import { useState } from "react";

export default function Page() {
  const [answer, setAnswer] = useState("Think of a question.");

  async function ask() {
    const response = await fetch("/api/answer", { method: "POST" }).catch(() => undefined);
    const { text }: { text: string } = response?.ok ? await response.json() : { text: "The oracle is silent." };
    setAnswer(text);
  }

  return (
    <main>
      <h1>The oracle</h1>
      <output>{answer}</output>
      <p>
        <button type="button" onClick={ask}>
          Ask
        </button>
      </p>
    </main>
  );
}
