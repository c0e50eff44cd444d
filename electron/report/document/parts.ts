import type { Problem } from '../../../shared/domain/problem.ts';
import type { Verdict } from '../../../shared/domain/verdict.ts';
import type { ReportSignature } from '../schema.ts';
import type { Block, Cell, Section, Tone } from './blocks.ts';

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

/** What went wrong, as a section of its own; none where nothing did. */
export function problemSection(title: string, problem: Omit<Problem, 'details'> | null): readonly Section[] {
  if (problem === null) return [];
  return [
    {
      title,
      blocks: [
        facts('What went wrong and what to do', [
          ['What happened', { text: problem.title, tone: 'bad' }],
          ['Why', { text: problem.because }],
          ['State of the meter', { text: problem.meterState }],
          ['Next step', { text: problem.nextStep }],
          ['Code', { text: problem.code, exact: true }],
        ]),
      ],
    },
  ];
}
