import { useCallback, useRef, useState } from "react";

/** A short message over the page that leaves by itself. */
export interface Notice {
  id: number;
  /** At most one notice of a slot is shown: a newer one ends the older one. */
  slot: "undo" | "error" | "news";
  text: string;
  /** What the person can still do about it. Taking the action ends the notice without `onEnd`. */
  action?: { label: string; run: () => void };
  /** Told when the notice leaves in any other way. */
  onEnd?: () => void;
}

export interface Notices {
  list: Notice[];
  show: (notice: Omit<Notice, "id">) => void;
  /** Ends a notice: its time is up, or the person closed it. */
  end: (id: number) => void;
  /** Takes a notice's action. */
  act: (id: number) => void;
}

/** Keeps the notices that are shown. */
export function useNotices(): Notices {
  const [list, setList] = useState<Notice[]>([]);
  const current = useRef<Notice[]>([]);
  const lastId = useRef(0);

  const take = useCallback((id: number): Notice | undefined => {
    const notice = current.current.find((candidate) => candidate.id === id);
    current.current = current.current.filter((candidate) => candidate.id !== id);
    setList(current.current);
    return notice;
  }, []);

  const end = useCallback((id: number) => take(id)?.onEnd?.(), [take]);
  const act = useCallback((id: number) => take(id)?.action?.run(), [take]);

  const show = useCallback(
    (notice: Omit<Notice, "id">) => {
      for (const older of current.current.filter((candidate) => candidate.slot === notice.slot)) end(older.id);
      lastId.current += 1;
      current.current = [...current.current, { ...notice, id: lastId.current }];
      setList(current.current);
    },
    [end],
  );

  return { list, show, end, act };
}
