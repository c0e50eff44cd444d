/** One column of a log, without the time. */
export interface LogColumn {
  /** OBIS code and attribute, such as "1-0:32.7.0*255/2"; unique in its log and the heading of its column in files. */
  readonly id: string;
  /** What the standard says that this code is, such as "Voltage L1"; the code itself where it says nothing. */
  readonly label: string;
  /** Symbol of the unit that values have after scaling, such as "V"; null where the meter gives none. */
  readonly unit: string | null;
  /** Power of ten that values were multiplied with: scaler of scaler_unit, Blue Book 4.3.2. */
  readonly scaler: number;
}

/** A log that a meter or a backup holds. */
export interface RecorderInfo {
  /** OBIS code of the Profile Generic, such as "1-0:99.1.0*255". */
  readonly id: string;
  readonly kind: 'recorder' | 'events';
  /** Null where the meter gives no name over DLMS: then the code is all there is. */
  readonly name: string | null;
  /** Rows in the log (entries_in_use). */
  readonly entries: number;
  /** Rows that fit (profile_entries); null where it was not given. */
  readonly capacity: number | null;
  /** Seconds between rows; 0 when rows are not periodic. */
  readonly interval: number;
  readonly columns: readonly LogColumn[];
  /** Sources of the data recorder that DLMS does not export (it shows 16 at most); null where the number of sources is not known. */
  readonly columnsNotExported: number | null;
  /** Why `columnsNotExported` is not known, as a sentence; absent where it is, or where nobody looked. */
  readonly sourcesUnknown?: string;
  /** Times of the oldest and the newest row, ISO 8601 UTC; null where there is none, or it was not asked for. */
  readonly first: string | null;
  readonly last: string | null;
  /** Why the log cannot be read, as a sentence; absent when it can. Its other fields are as far as they are known then. */
  readonly unreadable?: string;
}

/** Time without rows in a periodic log: longer than one and a half intervals. Gaps are legitimate (power failures, full buffers); they are named. */
export interface LogGap {
  /** Time of the last row before and of the first row after, ISO 8601 UTC. */
  readonly after: string;
  readonly before: string;
  /** Rows that the interval would have had. */
  readonly missing: number;
}

/** How a readout went: "4.0.0 against 4.6.0" is a line in reports. */
export interface LogReadout {
  readonly rows: number;
  /** Rows whose time was left out by the meter and rebuilt from the interval, and rows without a time. */
  readonly rebuilt: number;
  readonly undated: number;
  readonly roundTrips: number;
  /** Of the encoded buffer, without framing. */
  readonly bytes: number;
  readonly milliseconds: number;
  /** Connections that were lost and made again while it was read. */
  readonly resumed: number;
  /** How rows were asked for: by number, by range of time (circular logs), or the whole buffer where the meter selects nothing. */
  readonly by?: 'entry' | 'range' | 'whole';
  /** Rows that the meter counted when the read began and that did not come: newer rows took their place meanwhile. Absent when only a part was asked for. */
  readonly missed?: number;
}
