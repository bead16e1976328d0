import type { ReactNode } from "react";

/** A line drawing of 24 units, the size of the text beside it. Decoration: the control around it carries the name. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      focusable="false"
      viewBox="0 0 24 24"
      width="1.25em"
      height="1.25em"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  );
}

export function PencilIcon() {
  return (
    <Icon>
      <path d="M4 20h4L19 9a2.8 2.8 0 0 0-4-4L4 16v4Z" />
      <path d="m13.5 6.5 4 4" />
    </Icon>
  );
}

export function BinIcon() {
  return (
    <Icon>
      <path d="M4 7h16M10 11v6M14 11v6M6 7l1 12a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1l1-12M9 7V4h6v3" />
    </Icon>
  );
}

export function CrossIcon() {
  return (
    <Icon>
      <path d="m6 6 12 12M18 6 6 18" />
    </Icon>
  );
}

export function PlusIcon() {
  return (
    <Icon>
      <path d="M12 5v14M5 12h14" />
    </Icon>
  );
}

export function CloudOffIcon() {
  return (
    <Icon>
      <path d="M4 4l16 16M8 8a6 6 0 0 0-1 .5A5 5 0 0 0 7.5 19H17M11 6.6A6 6 0 0 1 17.5 11 4 4 0 0 1 20.5 17.3" />
    </Icon>
  );
}

/** The mark of the application: a tick on a rounded square. */
export function Logo() {
  return (
    <svg aria-hidden="true" focusable="false" viewBox="0 0 32 32" width="40" height="40">
      <rect width="32" height="32" rx="9" fill="var(--accent-strong)" />
      <path
        d="m9 16.6 4.8 4.8L23.4 11"
        fill="none"
        stroke="var(--on-accent)"
        strokeWidth="3.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
