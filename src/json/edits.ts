/** Changes of parts of a text that leave everything else as it is, byte by byte. */
import type { ResourceOutline, Span } from './document.ts';

/** Puts `text` in the place of `[start, end)`; with `start === end` it is inserted. */
export interface Edit extends Span {
  readonly text: string;
}

/** The part `[span.start, span.end)` of a text with the edits made; they lie in the span, in order and apart from each other. */
export function applyEdits(text: string, edits: readonly Edit[], span: Span = { start: 0, end: text.length }): string {
  let result = '';
  let at = span.start;
  for (const { start, end, text: replacement } of edits) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return result + text.slice(at, span.end);
}

/** Where an offset of the old text is in the new one, when it is no offset within an edit. */
export type Shift = (offset: number) => number;

/** The shift that edits make, found by bisection. */
export function shiftBy(edits: readonly Edit[]): Shift {
  const growth = [0];
  for (const { start, end, text } of edits) growth.push((growth.at(-1) ?? 0) + text.length - (end - start));
  return (offset) => {
    let low = 0;
    let high = edits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edits[middle]?.end ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return offset + (growth[low] ?? 0);
  };
}

/** An outline in the offsets of another text. */
export function shiftOutline({ object, resourceType, id, meta }: ResourceOutline, shift: Shift): ResourceOutline {
  const moved = ({ start, end }: Span): Span => ({ start: shift(start), end: shift(end) });
  return {
    object: moved(object),
    ...(resourceType && { resourceType: moved(resourceType) }),
    ...(id && { id: moved(id) }),
    ...(meta && {
      meta: {
        value: moved(meta.value),
        empty: meta.empty,
        ...(meta.versionId && { versionId: moved(meta.versionId) }),
        ...(meta.lastUpdated && { lastUpdated: moved(meta.lastUpdated) }),
      },
    }),
  };
}
