/** How a value is to be taken; always said in words, too, so that nothing hangs on a colour. */
export type Tone = 'good' | 'bad' | 'open';

/** One value of a table. `exact`: to be compared character by character (a hash), so it is set in a fixed-width font. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
  readonly exact?: boolean;
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'facts'; readonly caption: string; readonly rows: readonly (readonly [string, Cell])[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly columns: readonly string[];
      /** Relative widths, as many as columns. */
      readonly widths: readonly number[];
      readonly rows: readonly (readonly Cell[])[];
    };

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A report as people read it, before it is set for a screen or for paper. Both say exactly the same words. */
export interface ReportDocument {
  readonly title: string;
  readonly headline: string;
  readonly verdict: { readonly label: string; readonly tone: Tone; readonly means: string };
  readonly simulated: boolean;
  /** Repeated on every page of paper. */
  readonly footer: string;
  readonly sections: readonly Section[];
}
