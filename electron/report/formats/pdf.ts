import type { Content, Node, TableCell, TDocumentDefinitions, TFontDictionary } from 'pdfmake/interfaces';
import type { Block, Cell, ReportDocument, Section, Tone } from '../document/blocks.ts';
import { documentOf } from '../document/document.ts';
import type { Report } from '../schema.ts';
import { printable, runsOf } from './pdf-text.ts';

const INK = '#1b1f24';
const SOFT = '#57606a';
const LINE = '#c4cbd3';
const BAND = '#f3f5f7';
const SIMULATED = { ink: '#3b2300', paper: '#ffe0b8' };
const TONES: Readonly<Record<Tone, string>> = { good: '#0f5a24', bad: '#9c1f18', open: '#6b4300' };

/** What is not left alone at the foot of a page, and what stands at the edges of each. */
const LEVEL = { heading: 1, caption: 2, edge: 3 };

const FONTS: TFontDictionary = {
  Roboto: {
    normal: 'Roboto-Regular.ttf',
    bold: 'Roboto-Medium.ttf',
    italics: 'Roboto-Italic.ttf',
    bolditalics: 'Roboto-MediumItalic.ttf',
  },
};

/** The report of a job as PDF; see {@link renderDocumentPdf}. */
export function renderPdf(report: Report): Promise<Uint8Array> {
  return renderDocumentPdf(documentOf(report), report.writtenAt);
}

/** A report as PDF on A4: the words of the HTML report, set for paper. Its font is embedded. */
export async function renderDocumentPdf(document: ReportDocument, writtenAt: string): Promise<Uint8Array> {
  // Loaded when it is needed: the library and its fonts are larger than everything else that a command needs.
  const { default: pdfmake } = await import('pdfmake');
  const { default: fonts } = await import('pdfmake/build/vfs_fonts.js');
  for (const [name, content] of Object.entries(fonts)) {
    if (typeof content === 'string') pdfmake.virtualfs.writeFileSync(name, Buffer.from(content, 'base64'));
  }
  pdfmake.setFonts(FONTS);
  // A report has nothing to load, so nothing may be.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy(() => false);
  return new Uint8Array(await pdfmake.createPdf(definitionOf(document, writtenAt)).getBuffer());
}

function definitionOf(document: ReportDocument, writtenAt: string): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: [42, document.simulated ? 54 : 42, 42, 54],
    language: 'en',
    displayTitle: true,
    info: {
      title: printable(`${document.simulated ? 'SIMULATED. ' : ''}${document.title}`),
      creator: 'Meterwright',
      creationDate: new Date(writtenAt),
    },
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.15, color: INK },
    ...(document.simulated ? { header: simulatedBand() } : {}),
    footer: (page, pages) => ({
      margin: [42, 16, 42, 0],
      fontSize: 7,
      color: SOFT,
      columns: [
        { width: '*', text: runsOf(document.footer), headlineLevel: LEVEL.edge },
        {
          width: 'auto',
          text: `Page ${page} of ${pages}`,
          noWrap: true,
          margin: [12, 0, 0, 0],
          headlineLevel: LEVEL.edge,
        },
      ],
    }),
    pageBreakBefore: (node, { getFollowingNodesOnPage }) => isHeading(node) && !getFollowingNodesOnPage().some(isBody),
    content: [...opening(document), ...document.sections.flatMap(section)],
  };
}

function isHeading({ headlineLevel }: Node): boolean {
  return headlineLevel === LEVEL.heading || headlineLevel === LEVEL.caption;
}

/** Text that belongs under a heading. The library lists the head and the foot of the page among what follows, so they have a level, too. */
function isBody({ text, headlineLevel }: Node): boolean {
  return text !== undefined && headlineLevel === undefined;
}

function simulatedBand(): Content {
  return {
    margin: [42, 18, 42, 0],
    table: {
      widths: ['*'],
      body: [
        [
          {
            text: 'SIMULATED meter: no real meter was involved',
            headlineLevel: LEVEL.edge,
            alignment: 'center',
            bold: true,
            color: SIMULATED.ink,
            fillColor: SIMULATED.paper,
          },
        ],
      ],
    },
    layout: 'noBorders',
  };
}

function opening({ headline, title, verdict }: ReportDocument): Content[] {
  const color = TONES[verdict.tone];
  return [
    { text: runsOf(headline), color: SOFT, fontSize: 10, margin: [0, 0, 0, 6] },
    { text: runsOf(title), fontSize: 17, bold: true, margin: [0, 0, 0, 8] },
    {
      table: {
        widths: ['*'],
        body: [
          [
            {
              fillColor: BAND,
              margin: [8, 4, 8, 4],
              stack: [{ text: verdict.label, bold: true, fontSize: 13, color }, { text: runsOf(verdict.means) }],
            },
          ],
        ],
      },
      layout: {
        hLineWidth: () => 0,
        vLineWidth: (line) => (line === 0 ? 4 : 0),
        vLineColor: () => color,
      },
    },
  ];
}

function section({ title, blocks }: Section, index: number): Content[] {
  const heading: Content = {
    text: `${index + 1}. ${printable(title)}`,
    fontSize: 12,
    bold: true,
    margin: [0, 16, 0, 4],
    headlineLevel: LEVEL.heading,
  };
  return [heading, ...blocks.flatMap(block)];
}

function block(part: Block): Content[] {
  switch (part.kind) {
    case 'text':
      return [{ text: runsOf(part.text), margin: [0, 2, 0, 4] }];
    case 'list':
      return [{ ul: part.items.map((item) => ({ text: runsOf(item) })), margin: [0, 0, 0, 6] }];
    case 'facts':
      return [
        caption(part.caption),
        grid(
          [130, '*'],
          0,
          part.rows.map(([label, value]) => [{ text: runsOf(label), color: SOFT }, cell(value)]),
        ),
      ];
    case 'table':
      return [
        caption(part.caption),
        grid(fractions(part.widths), 1, [
          part.columns.map((name) => ({ text: printable(name), bold: true, fillColor: BAND })),
          ...part.rows.map((row) => row.map(cell)),
        ]),
      ];
  }
}

function caption(text: string): Content {
  return { text: runsOf(text), color: SOFT, italics: true, margin: [0, 2, 0, 2], headlineLevel: LEVEL.caption };
}

function grid(widths: (string | number)[], headerRows: number, body: TableCell[][]): Content {
  return {
    margin: [0, 0, 0, 6],
    table: { widths, headerRows, keepWithHeaderRows: headerRows, body },
    layout: {
      hLineWidth: () => 0.5,
      vLineWidth: () => 0,
      hLineColor: () => LINE,
      paddingTop: () => 2.5,
      paddingBottom: () => 2.5,
    },
  };
}

/** Width of the text on A4 between the margins, in points, less the padding of the columns. */
function fractions(widths: readonly number[]): number[] {
  const total = widths.reduce((sum, width) => sum + width, 0);
  const usable = 595 - 2 * 42 - 8 * widths.length;
  return widths.map((width) => (usable * width) / total);
}

function cell({ text, tone, exact }: Cell): TableCell {
  return {
    text: exact === true ? [{ text: printable(text), wordBreak: 'break-all' }] : runsOf(text),
    ...(tone === undefined ? {} : { color: TONES[tone], bold: true }),
  };
}
