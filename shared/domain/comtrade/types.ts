/** Editions of the standard: IEEE C37.111-1991, -1999 (IEC 60255-24:2001) and -2013 (IEC 60255-24:2013). */
export const COMTRADE_REVISIONS = [1991, 1999, 2013] as const;
export type ComtradeRevision = (typeof COMTRADE_REVISIONS)[number];

/** How samples lie in the data file: text, or 16-bit integers, 32-bit integers, IEEE 754 singles, all little-endian. The last two since 2013. */
export const COMTRADE_FILE_TYPES = ['ASCII', 'BINARY', 'BINARY32', 'FLOAT32'] as const;
export type ComtradeFileType = (typeof COMTRADE_FILE_TYPES)[number];

/** An analog channel: value = a * sample + b, in `unit`. */
export interface AnalogChannel {
  /** From 1, as the file numbers it. */
  readonly index: number;
  readonly name: string;
  /** Phase, such as "A"; may be empty. */
  readonly phase: string;
  /** Circuit component that is monitored; may be empty. */
  readonly component: string;
  readonly unit: string;
  readonly a: number;
  readonly b: number;
  /** Time skew of the channel within a sample, microseconds. Not applied to times. */
  readonly skew: number;
  /** Range of the samples as they stand in the data file. */
  readonly min: number;
  readonly max: number;
  /** Ratio of the transformer; 1 and 1 where the file gives none (1991 has none). */
  readonly primary: number;
  readonly secondary: number;
  /** Which side the values are on: P or S; null where the file does not say. */
  readonly side: 'P' | 'S' | null;
}

/** A digital (status) channel. */
export interface DigitalChannel {
  readonly index: number;
  readonly name: string;
  readonly phase: string;
  readonly component: string;
  /** The state when nothing is wrong: 0 or 1. */
  readonly normal: 0 | 1;
}

/** Samples up to and including number `endSample`, taken `rate` times a second. */
export interface SamplingRate {
  readonly rate: number;
  readonly endSample: number;
}

/** A moment of the file. */
export interface ComtradeTime {
  /** As it stands in the file. */
  readonly text: string;
  /**
   * Milliseconds since 1970, with a fraction, the clock fields taken as UTC and then corrected by the time code of 2013 where there is one. Files of the meter are in
   * UTC.
   */
  readonly time: number;
}

/** What a configuration file says. */
export interface ComtradeConfig {
  readonly station: string;
  readonly device: string;
  readonly revision: ComtradeRevision;
  readonly analog: readonly AnalogChannel[];
  readonly digital: readonly DigitalChannel[];
  /** Nominal frequency of the line, Hz; null where the file leaves it out. */
  readonly lineFrequency: number | null;
  /** Empty when the file has no fixed rate: then the stamps of the samples count. */
  readonly rates: readonly SamplingRate[];
  /** Number of samples that the data file has to have. */
  readonly samples: number;
  readonly start: ComtradeTime;
  readonly trigger: ComtradeTime;
  readonly fileType: ComtradeFileType;
  /** Factor of the stamps. */
  readonly timeMultiplier: number;
  /** Seconds that a stamp of 1 stands for before the factor: 1e-6, or 1e-9 in a file of 2013 whose times have nanoseconds. */
  readonly stampUnit: number;
  /** 2013: minutes that the times of the file are ahead of UTC; null where the file does not say. */
  readonly utcOffset: number | null;
  /** 2013: quality of the clock, hexadecimal 0 (locked) to F (failed), and the leap second indicator; null where the file does not say. */
  readonly clockQuality: string | null;
  readonly leapSecond: string | null;
}

/** A record: the configuration with the samples. */
export interface ComtradeRecord {
  readonly config: ComtradeConfig;
  readonly samples: number;
  /** Seconds since the first sample; never decreasing. */
  readonly seconds: Float64Array;
  /** Where `seconds` come from. */
  readonly timing: 'rate' | 'stamp';
  /** Values in the unit of the channel, scaled with a and b; NaN where the sample is marked as missing. */
  readonly analog: readonly Float64Array[];
  /** 0 or 1. */
  readonly digital: readonly Uint8Array[];
  /** Analog samples that are marked as missing. */
  readonly missing: number;
}

/** The samples while a data file is read. */
export interface Samples {
  readonly stamps: Float64Array;
  readonly analog: readonly Float64Array[];
  readonly digital: readonly Uint8Array[];
}
