import type { Verdict } from '../../shared/domain/verdict.ts';
import type { Block, Cell, Tone } from './blocks.ts';
import type { ReportSignature } from './schema.ts';

/** A table of labels and values. */
export function facts(caption: string, rows: readonly (readonly [string, Cell])[]): Block {
  return { kind: 'facts', caption, rows };
}

export const TONE_OF_VERDICT: Readonly<Record<Verdict, Tone>> = { verified: 'good', mismatch: 'bad', unknown: 'open' };

/** Who signed a report and how that is checked, or why nobody did. */
export function signatureRows(signature: ReportSignature): readonly (readonly [string, Cell])[] {
  return signature.signed
    ? [
        ['Signing key', { text: signature.fingerprint, exact: true }],
        ['How to check the signature', { text: signature.check }],
      ]
    : [['Signature', { text: `Not signed. ${signature.because}`, tone: 'open' }]];
}
