import type { ComponentType } from 'react';

export interface ScreenProps {
  /** The parts of the address behind the screen. */
  readonly rest: readonly string[];
}

/** A screen of the window. What is not registered is not shown anywhere. */
export interface Screen {
  /** First part of its address: "meters" in "#/meters". */
  readonly id: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  /** True where it has an entry in the navigation. */
  readonly nav: boolean;
  /** Key of its name. */
  readonly labelKey: string;
  /** Key of a list of paragraphs: what F1 shows. */
  readonly helpKey: string;
  readonly component: ComponentType<ScreenProps>;
}
