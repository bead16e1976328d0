import { styleText } from "node:util";
import { ownServices } from "./containers.ts";
import type { LogLine } from "./lines.ts";

/** How lines are shown: for people, as JSON with where each comes from, or as the containers wrote them. */
export type LogFormat = "readable" | "json" | "raw";

/** How lines look. */
interface Look {
  /** Whether colours may be shown. */
  readonly colours: boolean;
  /** The names of all services that may come up, for one width; default: those of every release. */
  readonly services?: readonly string[];
}

type Style = Parameters<typeof styleText>[0];

const serviceStyles: Readonly<Record<string, Style>> = { frontend: "cyan", backend: "magenta", database: "yellow" };

/** The style of further services. */
const furtherStyle: Style = "blue";

const levelStyles: Readonly<Record<string, Style>> = {
  debug: "dim",
  warning: "yellow",
  error: "red",
  critical: ["red", "bold"],
};

/** Fields of a line that have a place of their own, or say nothing new. */
const placed = new Set([
  "timestamp",
  "level",
  "logger",
  "message",
  "request_id",
  "traceback",
  "method",
  "path",
  "status",
]);

/** Makes the function that turns a line into what is printed; several lines for a traceback. */
export function lineFormat(format: LogFormat, look: Look): (line: LogLine) => string {
  if (format === "raw") return ({ text }) => text;
  if (format === "json")
    return (line) => JSON.stringify({ ...line, text: undefined, log: fieldsOf(line.text) ?? line.text });
  return (line) => readable(line, look);
}

function readable(line: LogLine, { colours, services = ownServices }: Look): string {
  const paint = (style: Style, text: string): string =>
    // The output has been looked at already, and a test has no terminal.
    colours && text !== "" ? styleText(style, text, { validateStream: false }) : text;
  const { service } = line;
  const width = Math.max(...services.map(({ length }) => length));
  const suffix = line.pod.split("-").at(-1) ?? "";
  const role = line.container === service ? "" : ` ${line.container}`;
  const prefix = `${paint(serviceStyles[service] ?? furtherStyle, service.padEnd(width))} ${paint("dim", `${suffix}${role}`)} | `;
  const fields = fieldsOf(line.text);
  const lines = fields === undefined ? [line.text] : tell(fields, clock(line.time), paint);
  return lines.map((text) => `${prefix}${text}`).join("\n");
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a line that is a JSON object. */
function fieldsOf(text: string): Fields | undefined {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

/** Time, level, what happened, and which request it belongs to. */
function tell(fields: Fields, time: string, paint: (style: Style, text: string) => string): string[] {
  const { level = "info", message = "", method, path, status, request_id: id, traceback } = fields;
  const style = levelStyles[String(level)];
  const name = String(level).padEnd(5);
  const request = [method, path, status].filter((part) => part !== undefined && part !== "").map(text);
  const rest = Object.entries(fields)
    .filter(([key, value]) => !placed.has(key) && value !== null && value !== "")
    .map(([key, value]) => `${key}=${text(value)}`);
  const words = [
    paint("dim", time),
    style === undefined ? name : paint(style, name),
    ...(String(message) === "request" && request.length > 0 ? request : [String(message), ...request]),
    paint("dim", [...rest, ...(id === undefined || id === "" ? [] : [`request_id=${text(id)}`])].join(" ")),
  ];
  const trace = typeof traceback === "string" ? traceback.split("\n").map((line) => paint("red", `  ${line}`)) : [];
  return [words.filter((word) => word !== "").join(" "), ...trace];
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The time of day on this machine's clock, since a day's date serves nobody who follows. */
function clock(time: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  const two = (part: number): string => String(part).padStart(2, "0");
  const seconds = `${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, "0")}`;
  return `${two(date.getHours())}:${two(date.getMinutes())}:${seconds}`;
}
