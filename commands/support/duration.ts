import { UsageError } from "./errors.ts";

const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Reads a time span such as `90s`, `10m`, `1h30m` or `2d`, in seconds.
 *
 * @param option - The option that has it, for the message.
 * @throws UsageError for anything else.
 */
export function parseDuration(text: string, option: string): number {
  if (!/^(\d+[smhd])+$/.test(text)) {
    throw new UsageError(`${option} is "${text}"; it can be a time span such as 90s, 10m, 1h30m or 2d.`);
  }
  const parts = [...text.matchAll(/(\d+)([smhd])/g)];
  return parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * (seconds[unit] ?? 0), 0);
}

/** A time span for people, in its greatest unit: `40 s`, `12 min`, `3 h`, `5 d`. */
export function roughly(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds / 1000));
  if (whole < 120) return `${whole} s`;
  if (whole < 7200) return `${Math.floor(whole / 60)} min`;
  if (whole < 172_800) return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}
