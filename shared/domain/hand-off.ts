/** A step that only the vendor's software can do on a real meter: exact instructions, exact values, and what will be seen. */
export interface HandOff {
  readonly title: string;
  readonly steps: readonly HandOffStep[];
  /** What the tool watches on the meter, or why it cannot see the step. */
  readonly watch: string;
}

export interface HandOffStep {
  readonly text: string;
  /** Values to enter exactly as they stand, each with the name of its field. */
  readonly values: readonly { readonly label: string; readonly value: string }[];
}
