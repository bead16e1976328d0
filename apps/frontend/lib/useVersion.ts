import { useEffect, useState } from "react";
import { readVersion } from "./api/todos";

/** The application's version as the API names it; asked for again each time `reachable` turns true, until it is known. */
export function useVersion(reachable: boolean): string | undefined {
  const [version, setVersion] = useState<string>();
  useEffect(() => {
    if (!reachable || version !== undefined) return;
    let stopped = false;
    readVersion().then(
      (answer) => {
        if (!stopped) setVersion(answer);
      },
      // The version is a courtesy: that the API fails is shown by the list.
      () => undefined,
    );
    return () => {
      stopped = true;
    };
  }, [reachable, version]);
  return version;
}
