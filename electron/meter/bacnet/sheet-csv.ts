import type { BacnetSheet } from './types.ts';

const COLUMNS = [
  'keyname',
  'device obj.-instance',
  'object-name',
  'object-type',
  'object-instance',
  'description',
  'present-value',
  'unit',
] as const;
const DEVICE = 8;

/**
 * The objects of a meter for the colleague of the building automation: columns after EDE (Engineering Data Exchange, BIG-EU), object types as the numbers of the
 * standard, the device itself first. RFC 4180 (CRLF, quotes doubled), UTF-8 with a byte order mark for Excel.
 */
export function bacnetSheetCsv(sheet: BacnetSheet): string {
  const device = sheet.deviceId === null ? '' : String(sheet.deviceId);
  const key = sheet.deviceName ?? device;
  const rows = [
    COLUMNS,
    [key, device, sheet.deviceName ?? '', String(DEVICE), device, sheet.description ?? '', '', ''],
    ...sheet.objects.map(({ object, name, description, presentValue, unit }) => [
      `${key}.${name ?? `${object.type}_${object.instance}`}`,
      device,
      name ?? '',
      String(object.type),
      String(object.instance),
      description ?? '',
      presentValue ?? '',
      unit,
    ]),
  ];
  return `\uFEFF${rows.map((row) => `${row.map(field).join(',')}\r\n`).join('')}`;
}

/** What a spreadsheet would run as a formula is kept a text by an apostrophe in front. Source: OWASP, "CSV Injection". */
const FORMULA = /^\s*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d{1,20}(\.\d{1,20})?(e[+-]?\d{1,3})?$/;

/** Texts of a device are hostile: line breaks become blanks, other invisible characters are left out. */
function field(text: string): string {
  const shown = text.replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '');
  const safe = FORMULA.test(shown) && !NUMBER.test(shown) && shown !== '%' ? `'${shown}` : shown;
  return /[",]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
