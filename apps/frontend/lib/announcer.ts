import { useCallback, useState } from "react";

/** What a screen reader is to say: `polite` when it has a pause, `urgent` at once. */
export interface Announcement {
  polite: string;
  urgent: string;
}

export type Announce = (text: string, tone?: keyof Announcement) => void;

/** A zero-width space, which makes the same sentence a different text: without a difference it is not said again. */
const AGAIN = "\u200b";

/** Keeps the texts of the page's two live regions. */
export function useAnnouncer(): [Announcement, Announce] {
  const [announcement, setAnnouncement] = useState<Announcement>({ polite: "", urgent: "" });
  const announce = useCallback<Announce>((text, tone = "polite") => {
    setAnnouncement((previous) => ({ ...previous, [tone]: previous[tone] === text ? text + AGAIN : text }));
  }, []);
  return [announcement, announce];
}
