import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, renderHtml } from '../../../electron/report/formats/html.ts';
import type { Report } from '../../../electron/report/schema.ts';
import { elementsOf } from './elements.ts';
import { JOBS, jobOf, PLAN, reportFor } from './jobs.ts';

const NAMES = Object.keys(JOBS) as (keyof typeof JOBS)[];

describe('the file', () => {
  test.each(NAMES)('%s is well formed: every element is closed, in order', (name) => {
    expect(() => elementsOf(renderHtml(reportFor(JOBS[name])))).not.toThrow();
  });

  test.each(NAMES)('%s has headings in order, tables with captions, and headers with a scope', (name) => {
    const elements = elementsOf(renderHtml(reportFor(JOBS[name])));
    const names = elements.map((element) => element.name);
    expect(elements.find((element) => element.name === 'html')?.attributes.get('lang')).toBe('en');
    expect(names.filter((tag) => /^h[1-6]$/.test(tag))[0]).toBe('h1');
    expect(names.filter((tag) => tag === 'h1')).toHaveLength(1);
    expect(names.filter((tag) => /^h[3-6]$/.test(tag))).toEqual([]);
    expect(names.filter((tag) => tag === 'caption').length).toBe(names.filter((tag) => tag === 'table').length);
    for (const [index, tag] of names.entries()) if (tag === 'table') expect(names[index + 1]).toBe('caption');
    const headers = elements.filter((element) => element.name === 'th');
    expect(headers.length).toBeGreaterThan(10);
    expect(headers.every(({ attributes }) => ['col', 'row'].includes(attributes.get('scope') ?? ''))).toBe(true);
    const ids = elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    const labels = elements.flatMap(({ attributes }) => attributes.get('aria-labelledby') ?? []);
    expect(labels.every((label) => ids.includes(label))).toBe(true);
  });

  test('runs nothing and loads nothing', () => {
    const html = renderHtml(reportFor(JOBS.verified));
    const elements = elementsOf(html);
    expect(elements.filter(({ name }) => /^(script|img|link|iframe|object|embed|form|a|base)$/.test(name))).toEqual([]);
    const policy = elements.find(({ attributes }) => attributes.get('http-equiv') === 'Content-Security-Policy');
    expect(policy?.attributes.get('content')).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
    expect(html).not.toMatch(/url\(|@import|https?:/);
    expect(elements.every(({ attributes }) => [...attributes.keys()].every((key) => !key.startsWith('on')))).toBe(true);
  });

  test('the state of an open job is the first thing in it', () => {
    const texts = renderHtml(reportFor(JOBS.interrupted)).split('<main>')[1] ?? '';
    expect(texts.replace(/<[^>]+>/g, ' ').trim()).toMatch(/^This job has not ended\. It was interrupted/);
  });

  test('a verdict is said in words, not only in a colour', () => {
    for (const [name, word] of [
      ['verified', 'Verified'],
      ['mismatch', 'Mismatch'],
      ['unknown', 'Unknown'],
      ['failed', 'No verdict'],
    ] as const) {
      expect(renderHtml(reportFor(JOBS[name]))).toContain(`<p class="label">${word}</p>`);
    }
  });

  test('a simulated meter is marked in the title, on every page, at the heading and at the foot; a real one nowhere', () => {
    const html = renderHtml(reportFor(JOBS.verified));
    expect(html).toContain('<title>SIMULATED. ');
    expect(html).toContain('<aside class="simulated"');
    expect(html).toMatch(/<h1>[^\n]*<span class="tag">SIMULATED<\/span><\/h1>/);
    expect(html.split('<footer>')[1]).toContain('SIMULATED meter');
    const real = renderHtml(reportFor(jobOf([], { before: { ...PLAN.before, simulated: false } })));
    expect(real).not.toContain('SIMULATED');
  });

  test('says why there is no signature and why the backup is not told', () => {
    const html = renderHtml(
      reportFor(JOBS.verified, {
        signature: { signed: false, because: 'The key cannot be read.' },
        evidence: { read: false, because: 'The backup is no longer where it was.' },
      }),
    );
    expect(html).toContain('Not signed. The key cannot be read.');
    expect(html).toContain('Not told here. The backup is no longer where it was.');
  });

  test('waivers are told by name, with their reason', () => {
    const html = renderHtml(reportFor(JOBS.verified));
    expect(html).toContain('Waived by R. Vance: Exported with ION Setup yesterday, ticket 4711.');
    expect(html).toContain('Users and passwords: no protocol gives them out.');
  });
});

describe('hostile values', () => {
  const HOSTILE = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc
      .array(
        fc.constantFrom('<', '>', '"', "'", '&', '</td>', '<script>', '-->', ']]>', '`', '=', '\0', '\u202e', 'x', ' '),
        {
          maxLength: 12,
        },
      )
      .map((parts) => parts.join('')),
  );

  test('put no element and no attribute into the file, wherever they stand', () => {
    const tame = shapeOf(renderHtml(poisoned('x')));
    fc.assert(
      fc.property(HOSTILE, (text) => {
        expect(shapeOf(renderHtml(poisoned(text)))).toEqual(tame);
      }),
      { numRuns: 150 },
    );
  });

  test('no text leaves the escape with a character that means something to HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  test('invisible characters and those that turn the direction are shown, not obeyed', () => {
    expect(escapeHtml('Feeder\u202e21\u0000\u200b\uFEFF\ud800')).toBe(
      'Feeder\\u{202E}21\\u{0000}\\u{200B}\\u{FEFF}\\u{D800}',
    );
    expect(escapeHtml('two\r\nlines\tand more')).toBe('two lines and more');
    expect(escapeHtml('Zähler Süd · ΔΩ 计量 🔌')).toBe('Zähler Süd · ΔΩ 计量 🔌');
  });
});

/** A report in which every text that can come from a meter, a file or a person is `text`. */
function poisoned(text: string): Report {
  const report = reportFor(JOBS.unknown);
  const kept = new Set([
    'format',
    'state',
    'verdict',
    'id',
    'outcome',
    'stage',
    'channel',
    'target',
    'area',
    'featureSet',
    'event',
    'source',
  ]);
  const poison = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return kept.has(key) || isTime(value) ? value : text;
    if (Array.isArray(value)) return value.map((each) => poison(each, key));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name)]));
  };
  return poison(report, '') as Report;
}

function isTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT/.test(text);
}

/** Elements and the names of their attributes, in order. */
function shapeOf(html: string): readonly string[] {
  return elementsOf(html).map(({ name, attributes }) => `${name} ${[...attributes.keys()].join(' ')}`);
}
