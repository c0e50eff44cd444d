import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderPdf } from '../../../electron/report/formats/pdf.ts';
import type { Report } from '../../../electron/report/schema.ts';
import { JOBS, jobOf, PLAN, reportFor } from '../../unit/report/jobs.ts';
import { judge } from './judge.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-pdf-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The text of each page, as poppler reads it. */
async function pagesOf(report: Report): Promise<readonly string[]> {
  const file = join(folder, `${Math.random().toString(36).slice(2)}.pdf`);
  await writeFile(file, await renderPdf(report));
  return (await judge('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'])).split('\f').slice(0, -1);
}

/** Lines and columns gone: what was broken at the end of a cell is one word again. */
function run(pages: readonly string[]): string {
  return pages.join('').replace(/\s+/g, '');
}

function named(name: string): Report {
  return reportFor(jobOf([], { before: { ...PLAN.before, name } }));
}

describe('PDF, read by poppler', () => {
  test('says what the report says, and carries SIMULATED and a page number on every page', async () => {
    const report = reportFor(JOBS.mismatch);
    const pages = await pagesOf(report);
    expect(pages.length).toBeGreaterThan(1);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain('SIMULATED meter: no real meter was involved');
      expect(page).toContain(`Page ${index + 1} of ${pages.length}`);
    }
    const [, second] = (pages[0] ?? '').split('\n').filter((line) => line.trim() !== '');
    expect(second?.trim()).toMatch(/^The job was carried out/);
    const text = run(pages);
    for (const value of [
      'Upgrade report: Feeder 12',
      'Mismatch',
      'MT-1509A001-02',
      PLAN.fileSha256,
      PLAN.image.sha256,
      '1 of 12 became smaller: Energy delivered: 5 before, 4 after.',
      'Gone on. R. Vance:',
      'Waived by R. Vance',
      'e'.repeat(64),
    ]) {
      expect(text).toContain(value.replace(/\s+/g, ''));
    }
  });

  test('a real meter is called simulated nowhere', async () => {
    const pages = await pagesOf(reportFor(jobOf([], { before: { ...PLAN.before, simulated: false } })));
    expect(pages.join('')).not.toContain('SIMULATED');
  });

  test('is one file with its fonts in it, in A4, with a title and a language', async () => {
    const file = join(folder, 'fonts.pdf');
    await writeFile(file, await renderPdf(reportFor(JOBS.verified)));
    const fonts = (await judge('pdffonts', [file])).split('\n').slice(2).filter(Boolean);
    expect(fonts.length).toBeGreaterThan(0);
    // Columns: name, type (two words), encoding, emb, sub, uni, object.
    for (const font of fonts) expect(font).toMatch(/Roboto\S*\s+CID TrueType\s+Identity-H\s+yes\s+yes\s+yes/);
    expect((await readFile(file)).includes('/Lang (en)')).toBe(true);
    const info = await judge('pdfinfo', [file]);
    expect(info).toMatch(/Title:\s+SIMULATED\. Upgrade report: Feeder 12/);
    expect(info).toMatch(/Page size:\s+595\.28 x 841\.89 pts \(A4\)/);
    expect(info).toMatch(/JavaScript:\s+no/);
  });

  test.each(['Привет, подстанция №7', 'Ελληνικά ΔΩ', 'Zażółć gęślą jaźń', 'Größe ± 0,5 °C µ €', 'Trạm biến áp'])(
    'sets %s',
    async (name) => {
      expect(run(await pagesOf(named(name)))).toContain(name.replace(/\s+/g, ''));
    },
  );

  test('what the font lacks is written out, never left out', async () => {
    expect(run(await pagesOf(named('计量 1 → 🔌')))).toContain('\\u{8BA1}\\u{91CF}1\\u{2192}\\u{1F50C}');
  });

  test('every character that is set as itself is in the font', async () => {
    const { printable } = await import('../../../electron/report/formats/pdf-text.ts');
    const asThemselves = Array.from({ length: 0x2fff }, (_, code) => String.fromCodePoint(code)).filter(
      (character) => printable(character) === character && character.trim() !== '',
    );
    expect(asThemselves.length).toBeGreaterThan(700);
    // In groups with a blank between, so that no line break falls inside of what is looked for.
    const groups = Array.from({ length: Math.ceil(asThemselves.length / 8) }, (_, index) =>
      asThemselves.slice(index * 8, index * 8 + 8).join('\u00b7'),
    );
    const text = run(await pagesOf(named(groups.join(' '))));
    const missing = asThemselves.filter((character) => !text.includes(character));
    expect(missing).toEqual([]);
  });

  test('texts of any length end up on pages, and a hostile one is only a text', async () => {
    const report = reportFor(JOBS.unknown);
    const long = `${'word '.repeat(4_000)}${'x'.repeat(4_000)}END`;
    const pages = await pagesOf({
      ...report,
      findings: report.findings.map((finding) => ({ ...finding, because: long })),
      before: { ...report.before, name: '</Title> (a) Tj /JavaScript \\ \u0000 %PDF' },
    });
    expect(run(pages)).toContain('xEND');
    expect(run(pages)).toContain('</Title>(a)Tj/JavaScript\\\\u{0000}%PDF');
  }, 30_000);

  test.each(['unknown', 'resumed', 'handOff'] as const)(
    'no heading of %s stands alone at the foot of a page',
    async (name) => {
      for (const page of await pagesOf(reportFor(JOBS[name]))) {
        const lines = page.split('\n').filter((line) => line.trim() !== '');
        const last = lines.filter((line) => !/Page \d+ of \d+|^UTC$|written 2026/.test(line)).at(-1) ?? '';
        expect(last).not.toMatch(/^\s*\d+\. [A-Z]/);
      }
    },
  );

  test.each(Object.keys(JOBS) as (keyof typeof JOBS)[])('%s is set without a complaint of the judge', async (name) => {
    const pages = await pagesOf(reportFor(JOBS[name]));
    expect(run(pages)).toContain(reportFor(JOBS[name]).headline.replace(/\s+/g, ''));
  });
});
