import type { UpgradeRequest } from '../../../shared/contract/index.ts';
import type { GatesView } from '../../../shared/contract/views.ts';
import type { Result } from '../../../shared/domain/problem.ts';
import type { Credentials, MeterAddress } from '../../meter/types.ts';
import type { Access } from '../house.ts';
import type { StartedUpgrade } from './live-jobs.ts';
import type { BackupWish } from './ports.ts';

export type StartRequest = Omit<UpgradeRequest, 'address' | 'credentials'>;
export type CheckRequest = Pick<StartRequest, 'file' | 'target' | 'channel' | 'backup' | 'ionSetup'>;

/** What a technician decides anew when a job is taken up again. */
export interface ResumeRequest {
  readonly by: string;
  readonly credentials?: Credentials | undefined;
  readonly attach?: BackupWish['attach'];
  readonly waive?: BackupWish['waive'];
  readonly ionSetup?: UpgradeRequest['ionSetup'];
  /** Where the meter is now, if it is no longer where the job left it. The job itself makes sure that it is the same meter. */
  readonly address?: MeterAddress;
}

/** What works on meters: checks, and jobs that begin or go on. */
export interface UpgradeStarts {
  check(access: Access, request: CheckRequest, signal?: AbortSignal): Promise<Result<GatesView>>;
  start(access: Access, request: StartRequest): Promise<Result<StartedUpgrade>>;
  resume(job: string, request: ResumeRequest): Promise<Result<StartedUpgrade>>;
}
