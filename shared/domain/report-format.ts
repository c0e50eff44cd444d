/** The forms of a report. JSON is the complete one and comes with a signature beside it. */
export const REPORT_FORMATS = ['html', 'json', 'csv', 'pdf'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];
