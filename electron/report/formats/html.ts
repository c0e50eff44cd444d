import type { Block, Cell, ReportDocument, Section } from '../document/blocks.ts';
import { documentOf } from '../document/document.ts';
import type { Report } from '../schema.ts';
import { STYLE } from './html-style.ts';
import { plain } from './plain.ts';

/** Nothing is loaded, nothing runs; only the style in the file itself counts. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** The report of a job as HTML; see {@link renderDocument}. */
export function renderHtml(report: Report): string {
  return renderDocument(documentOf(report));
}

/** A report as one HTML file that needs nothing else: no script, no font, no picture. Every value is escaped. */
export function renderDocument(document: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(`${document.simulated ? 'SIMULATED. ' : ''}${document.title}`)}</title>
<style>
${STYLE}</style>
</head>
<body>
${badge(document)}<main>
${header(document)}
${document.sections.map(section).join('\n')}
</main>
<footer>${escapeHtml(document.footer)}</footer>
</body>
</html>
`;
}

/** Text as it may stand in the content or in a quoted attribute of HTML. */
export function escapeHtml(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** Fixed to the top of the window, and repeated on every page of paper. */
function badge({ simulated }: ReportDocument): string {
  return simulated
    ? '<aside class="simulated" aria-label="Simulated meter"><span>SIMULATED meter: no real meter was involved</span></aside>\n'
    : '';
}

function header({ title, headline, verdict, simulated }: ReportDocument): string {
  return `<header>
<p class="headline">${escapeHtml(headline)}</p>
<h1>${escapeHtml(title)}${simulated ? ' <span class="tag">SIMULATED</span>' : ''}</h1>
<div class="verdict ${verdict.tone}"><p class="label">${escapeHtml(verdict.label)}</p><p>${escapeHtml(verdict.means)}</p></div>
</header>`;
}

function section({ title, blocks }: Section, index: number): string {
  const id = `section-${index + 1}`;
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${index + 1}. ${escapeHtml(title)}</h2>
${blocks.map(block).join('\n')}
</section>`;
}

function block(part: Block): string {
  switch (part.kind) {
    case 'text':
      return `<p>${escapeHtml(part.text)}</p>`;
    case 'list':
      return `<ul>\n${part.items.map((item) => `<li>${escapeHtml(item)}</li>`).join('\n')}\n</ul>`;
    case 'facts':
      return table(
        'facts',
        part.caption,
        '',
        part.rows.map(([label, value]) => `<tr><th scope="row">${escapeHtml(label)}</th>${cell(value)}</tr>`),
      );
    case 'table': {
      const total = part.widths.reduce((sum, width) => sum + width, 0);
      const columns = part.widths.map((width) => `<col style="width:${((100 * width) / total).toFixed(1)}%">`).join('');
      const names = part.columns.map((name) => `<th scope="col">${escapeHtml(name)}</th>`).join('');
      const content = table(
        'grid',
        part.caption,
        `<colgroup>${columns}</colgroup>\n<thead><tr>${names}</tr></thead>\n`,
        part.rows.map(([first, ...rest]) => {
          const head = first === undefined ? '' : `<th scope="row">${escapeHtml(first.text)}</th>`;
          return `<tr>${head}${rest.map(cell).join('')}</tr>`;
        }),
      );
      return scrolling(part.caption, content);
    }
  }
}

function table(kind: 'facts' | 'grid', caption: string, head: string, rows: readonly string[]): string {
  return `<table class="${kind}">
<caption>${escapeHtml(caption)}</caption>
${head}<tbody>
${rows.join('\n')}
</tbody>
</table>`;
}

/** What may be wider than a narrow window scrolls by itself, and is reached with the keyboard for that. */
function scrolling(caption: string, content: string): string {
  return `<div class="scroll" role="group" aria-label="${escapeHtml(caption)}" tabindex="0">${content}</div>`;
}

function cell({ text, tone, exact }: Cell): string {
  const value = exact ? `<code>${escapeHtml(text)}</code>` : escapeHtml(text);
  return tone === undefined ? `<td>${value}</td>` : `<td><span class="mark ${tone}">${value}</span></td>`;
}
