import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { formatFirmware } from '../../../shared/domain/firmware-version.ts';
import { ok, type Result } from '../../../shared/domain/problem.ts';
import type { ReportFormat } from '../../../shared/domain/report-format.ts';
import { writeFileDurably } from '../../inventory/durable.ts';
import type { InstallationKey } from '../../inventory/installation-key.ts';
import { readBagEvidence } from '../../report/evidence.ts';
import { renderCsv } from '../../report/formats/csv.ts';
import { renderHtml } from '../../report/formats/html.ts';
import { renderPdf } from '../../report/formats/pdf.ts';
import { reportOf } from '../../report/model.ts';
import { valueText } from '../../report/run-report.ts';
import type { Report } from '../../report/schema.ts';
import { journalPath, type StoredJob } from '../../upgrade/job-store.ts';
import { journalTip } from '../../upgrade/journal.ts';
import { bagsOf } from '../backups.ts';
import type { House } from '../house.ts';
import { evidenceOf } from '../logs/library.ts';
import { listConfigurations } from '../settings/configuration-record.ts';
import { signatureOf, writeReport, writeSignedJson } from './files.ts';

/**
 * Writes `report.json`, its signature `report.json.sig.json`, and `report.html` into the folder of the job. Returns the HTML file and its
 * SHA-256 (hex), which goes into the journal.
 */
export async function writeJobReport(
  house: House,
  stored: StoredJob,
): Promise<Result<{ readonly file: string; readonly sha256: string }>> {
  const built = await build(house, stored);
  if (!built.ok) return built;
  const { report, key } = built.value;
  const json = await writeSignedJson(join(stored.folder, 'report.json'), report, key);
  if (!json.ok) return json;
  const html = renderHtml(report);
  const file = join(stored.folder, 'report.html');
  const written = await writeFileDurably(file, html);
  return written.ok ? ok({ file, sha256: createHash('sha256').update(html, 'utf8').digest('hex') }) : written;
}

/**
 * Builds the report of a job afresh from its journal, whether the job has ended or not, and writes it to `out`, else into the folder of reports.
 * An existing file is replaced. The SHA-256 (hex) is that of the file as it lies on the disk.
 */
export async function exportReport(
  house: House,
  stored: StoredJob,
  format: ReportFormat,
  out?: string,
): Promise<Result<{ readonly file: string; readonly sha256: string }>> {
  const built = await build(house, stored);
  if (!built.ok) return built;
  const { report, key } = built.value;
  const file = out === undefined ? join(house.paths.reports, `${report.job}.${format}`) : resolve(out);
  const writable = {
    json: report,
    html: () => renderHtml(report),
    csv: () => renderCsv(report),
    pdf: () => renderPdf(report),
  };
  return writeReport(file, format, writable, key);
}

/** The report of a job as HTML, built afresh from its journal; nothing is written. */
export async function previewReport(house: House, stored: StoredJob): Promise<Result<{ readonly html: string }>> {
  const built = await build(house, stored);
  return built.ok ? ok({ html: renderHtml(built.value.report) }) : built;
}

/** Reads what the report needs. A key that cannot be read does not cost the report; it is unsigned then, and says so. */
async function build(
  house: House,
  stored: StoredJob,
): Promise<Result<{ readonly report: Report; readonly key: Result<InstallationKey> }>> {
  const entries = [...stored.entries];
  const tip = await journalTip(journalPath(stored.folder), entries.length);
  if (!tip.ok) return tip;
  const key = await house.key();
  const { bag } = stored.job;
  const later = await laterReadouts(house, stored);
  const configurations = await configurationsSince(house, stored);
  const report = reportOf(
    { job: stored.job, entries },
    {
      ...(later === undefined ? {} : { later }),
      ...(configurations === undefined ? {} : { configurations }),
      toolVersion: house.version,
      now: house.now(),
      evidence:
        bag === null || bag.path === ''
          ? { read: false, because: 'The job has no backup.' }
          : await readBagEvidence(bag.path, bag.fingerprint),
      journalTip: tip.value,
      signature: signatureOf(key),
    },
  );
  return ok({ report, key });
}

/** The newest verified backup of the meter on the firmware that it has after the job. None of it costs the report when it cannot be read. */
async function laterReadouts(house: House, { job }: StoredJob): Promise<NonNullable<Report['backup']>['later']> {
  const { serial, firmware } = job.after ?? { serial: null, firmware: null };
  if (serial === null || firmware === null) return undefined;
  const version = formatFirmware(firmware);
  if (job.plan.before.firmware !== null && formatFirmware(job.plan.before.firmware) === version) return undefined;
  const bags = await bagsOf(house, serial).catch(() => []);
  const found = bags.find((bag) => bag.firmware === version && bag.check?.verdict === 'verified');
  const evidence = found === undefined ? undefined : await evidenceOf(found.bag);
  if (found === undefined || evidence === undefined || !evidence.ok || evidence.value.logs === undefined)
    return undefined;
  return { bag: basename(found.bag), firmware: version, logs: [...evidence.value.logs] };
}

/** Settings that were applied to this meter since the job began. None of it costs the report when it cannot be read. */
async function configurationsSince(house: House, { job }: StoredJob): Promise<Report['configurations']> {
  const { createdAt, before } = job.plan;
  const serial = job.after?.serial ?? before.serial;
  if (serial === null) return undefined;
  const records = await listConfigurations(house, serial).catch(() => []);
  return records
    .filter(({ at }) => at >= createdAt)
    .reverse()
    .map(({ run, at, by, area, changes, results, problem }) => ({
      run,
      at,
      by,
      area,
      settings: changes.map(({ id, from, to }) => {
        const result = results.find((one) => one.id === id);
        const { outcome = 'unknown', because = '' } = result ?? {};
        return { id, from: valueText(from), to: valueText(to), outcome, because };
      }),
      problem: problem === null ? null : `${problem.title}. ${problem.because}`,
    }));
}
