import type { Announcement } from "@/lib/announcer";

/** The two live regions. They stand in the page from the start, empty: a region that arrives with its text is not read. */
export function Announcer({ announcement }: { announcement: Announcement }) {
  return (
    <div className="visually-hidden">
      <div role="status" aria-live="polite">
        {announcement.polite}
      </div>
      <div role="alert" aria-live="assertive">
        {announcement.urgent}
      </div>
    </div>
  );
}
