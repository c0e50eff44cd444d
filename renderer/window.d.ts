import type { Shell } from '../shared/contract/shell/shell.ts';

declare global {
  interface Window {
    /** Put there by the preload; its keys are exactly these. */
    readonly meterwright: { readonly shell: Shell };
  }
}
