import { join, resolve } from 'node:path';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { ReportFormat } from '../../../shared/domain/report-format.ts';
import { runDocumentOf } from '../../report/document/run-document.ts';
import { renderDocument } from '../../report/formats/html.ts';
import { renderDocumentPdf } from '../../report/formats/pdf.ts';
import { renderRunCsv } from '../../report/formats/run-csv.ts';
import { type RunReport, runReportOf } from '../../report/run-report.ts';
import type { House } from '../house.ts';
import { readConfiguration } from '../settings/configuration-record.ts';
import { signatureOf, writeReport } from './files.ts';

/**
 * Writes the report of one application of a plan to `out`, else into the folder of reports; an existing file is replaced. It is built afresh from the record
 * of the run: `configuration/unknown` where there is none. The SHA-256 (hex) is that of the file as it lies on the disk.
 */
export async function exportRunReport(
  house: House,
  run: string,
  format: ReportFormat,
  out?: string,
): Promise<Result<{ readonly file: string; readonly sha256: string; readonly report: RunReport }>> {
  const record = await readConfiguration(house, run);
  if (!record.ok) return record;
  const key = await house.key();
  const report = runReportOf(record.value, {
    toolVersion: house.version,
    now: house.now(),
    signature: signatureOf(key),
  });
  const document = runDocumentOf(report);
  const file = out === undefined ? join(house.paths.reports, `${report.run}.${format}`) : resolve(out);
  const writable = {
    json: report,
    html: () => renderDocument(document),
    csv: () => renderRunCsv(report),
    pdf: () => renderDocumentPdf(document, report.writtenAt),
  };
  const written = await writeReport(file, format, writable, key);
  return written.ok ? ok({ ...written.value, report }) : written;
}
