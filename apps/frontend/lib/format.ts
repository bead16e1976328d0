const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const RELATIVE = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const DATE = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric" });
const LONG_DATE = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });

/** How long ago something was, e.g. `5 minutes ago`; a date once a week has passed. A clock that is behind says `just now`. */
export function formatAge(iso: string, now: number): string {
  const age = now - Date.parse(iso);
  if (!(age >= MINUTE)) return "just now";
  if (age < HOUR) return RELATIVE.format(-Math.floor(age / MINUTE), "minute");
  if (age < DAY) return RELATIVE.format(-Math.floor(age / HOUR), "hour");
  if (age < 7 * DAY) return RELATIVE.format(-Math.floor(age / DAY), "day");
  return DATE.format(Date.parse(iso));
}

/** A day in words, e.g. `Friday, November 21`. */
export function formatDay(date: Date): string {
  return LONG_DATE.format(date);
}

/** A count with its noun, e.g. `1 todo`, `3 todos`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A title short enough to be quoted in a message. */
export function quote(title: string): string {
  const characters = [...title];
  return `“${characters.length > 40 ? `${characters.slice(0, 39).join("").trimEnd()}…` : title}”`;
}
