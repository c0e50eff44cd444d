import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { fail, METER_STATE, ok, type Result, reasonOf } from '../../../shared/domain/problem.ts';
import type { ReportFormat } from '../../../shared/domain/report-format.ts';
import { hashFile } from '../../backup/bag/read.ts';
import { outsideBags } from '../../backup/folder/outside-bags.ts';
import { diskProblem, writeFileDurably } from '../../inventory/durable.ts';
import type { InstallationKey } from '../../inventory/installation-key.ts';
import type { ReportSignature } from '../../report/schema.ts';
import { formatReportSignature, signatureCheck } from '../../report/signature.ts';

/** A report that can be set in every form. */
export interface WritableReport {
  /** What goes into the JSON file. */
  readonly json: unknown;
  html(): string;
  csv(): string;
  pdf(): Promise<Uint8Array>;
}

/** Writes a report; an existing file is replaced, and nothing is written inside a backup. The SHA-256 (hex) is that of the file as it lies on the disk. */
export async function writeReport(
  file: string,
  format: ReportFormat,
  report: WritableReport,
  key: Result<InstallationKey>,
): Promise<Result<{ readonly file: string; readonly sha256: string }>> {
  const apart = await outsideBags(file);
  if (!apart.ok) return apart;
  const written = await write(file, format, report, key);
  if (!written.ok) return written;
  try {
    const { sha256 } = await hashFile(file);
    return ok({ file, sha256 });
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, file, 'read') };
  }
}

function write(
  file: string,
  format: ReportFormat,
  report: WritableReport,
  key: Result<InstallationKey>,
): Promise<Result<void>> {
  switch (format) {
    case 'json':
      return writeSignedJson(file, report.json, key);
    case 'html':
      return writeFileDurably(file, report.html());
    case 'csv':
      return writeFileDurably(file, report.csv());
    case 'pdf':
      return writePdf(file, report);
  }
}

/** The library that sets the PDF throws only on a defect; the report can still be had as HTML. */
async function writePdf(file: string, report: Pick<WritableReport, 'pdf'>): Promise<Result<void>> {
  let bytes: Uint8Array;
  try {
    bytes = await report.pdf();
  } catch (thrown) {
    return fail({
      code: 'report/pdf-failed',
      title: 'The report could not be set as PDF',
      because: reasonOf(thrown),
      meterState: METER_STATE.noMeter,
      nextStep: 'Export the report as HTML and print it; report this as a defect of Meterwright.',
    });
  }
  return writeFileDurably(file, bytes);
}

/** An old signature goes first and the new one comes last, so that there is never one beside a report that it does not fit. */
export async function writeSignedJson(
  file: string,
  json: unknown,
  key: Result<InstallationKey>,
): Promise<Result<void>> {
  const bytes = Buffer.from(`${JSON.stringify(json, null, 2)}\n`, 'utf8');
  const signatureFile = `${file}.sig.json`;
  try {
    await rm(signatureFile, { force: true });
  } catch (thrown) {
    return { ok: false, problem: diskProblem(thrown, signatureFile, 'written') };
  }
  const written = await writeFileDurably(file, bytes);
  if (!written.ok || !key.ok) return written;
  return writeFileDurably(signatureFile, formatReportSignature(basename(file), bytes, key.value));
}

/** What a report says of its signature: a key that cannot be read does not cost the report. */
export function signatureOf(key: Result<InstallationKey>): ReportSignature {
  return key.ok
    ? { signed: true, algorithm: 'Ed25519', fingerprint: key.value.fingerprint, check: signatureCheck }
    : { signed: false, because: `${key.problem.title}. ${key.problem.because}` };
}
