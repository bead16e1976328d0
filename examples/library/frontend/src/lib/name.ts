/** The library's name, which `next build` writes into the pages: `NEXT_PUBLIC_LIBRARY_NAME`. */
export const libraryName = process.env.NEXT_PUBLIC_LIBRARY_NAME ?? "Lending library";
