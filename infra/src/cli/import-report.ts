/** The report of an import job as text for a person. The shape is what `importOrgUnits` documents. */
import { EXIT, type ExitCode } from './failure';
import { counted, grouped } from './progress';

export interface ImportReport {
  dryRun: boolean;
  version: { id: string; number: number } | null;
  readAs: { encoding: string; separator: string; decimalSign: string; dateOrder: string } | null;
  rows: number;
  ancestors: number;
  units: { added: number; changed: number; moved: number; removed: number; same: number; kept: number };
  matched: Record<string, number>;
  duplicates: { count: number; lines: { line: number; firstLine: number }[] };
  quarantine: {
    count: number;
    reasons: Record<string, number>;
    rows: QuarantinedRow[];
    fileId: string | null;
  };
}

interface QuarantinedRow {
  line: number;
  layer: string | null;
  column: string | null;
  value: string | null;
  reason: string;
  message: string;
}

const SHOWN = 20;

const words = (name: string) => name.toLowerCase().replaceAll('_', ' ');

/** The whole report, a line each. `quarantineUrl` opens the rows that wait, as CSV. */
export function reportLines(report: ImportReport, quarantineUrl: string | null): string[] {
  const { units, version, matched, duplicates, quarantine } = report;
  const draft = version ? `version ${version.number}` : 'a new draft';
  const title = report.dryRun ? `Dry run: nothing was written. In ${draft} would be` : `In ${draft} are`;
  const moved = units.moved > 0 ? `, ${grouped(units.moved)} of them moved` : '';
  const passes = Object.entries(matched).filter(([, count]) => count > 0);
  return [
    `${counted(report.rows, 'row')} read${report.ancestors > 0 ? `, ${counted(report.ancestors, 'ancestor')} named in them` : ''}.`,
    ...(report.readAs ? [readAsLine(report.readAs)] : []),
    `${title}:`,
    `  added      ${grouped(units.added)}`,
    `  changed    ${grouped(units.changed)}${moved}`,
    `  removed    ${grouped(units.removed)}`,
    `  the same   ${grouped(units.same)}`,
    ...(units.kept > 0 ? [`  kept       ${grouped(units.kept)} that the file does not hold`] : []),
    ...(passes.length > 0
      ? ['Known again by:', ...passes.map(([name, n]) => `  ${words(name)}: ${grouped(n)}`)]
      : []),
    ...duplicateLines(duplicates),
    ...quarantineLines(quarantine, quarantineUrl),
  ];
}

function readAsLine({ encoding, separator, decimalSign, dateOrder }: NonNullable<ImportReport['readAs']>) {
  const sign = separator === '\t' ? 'tab' : separator;
  return `Read as ${encoding}, separator ${sign}, decimal ${words(decimalSign)}, dates ${dateOrder}; the mapping can say otherwise.`;
}

function duplicateLines({ count, lines }: ImportReport['duplicates']): string[] {
  if (count === 0) return [];
  const shown = lines.slice(0, SHOWN).map(({ line, firstLine }) => `  row ${line}, as row ${firstLine}`);
  return [`Dropped, since their cells equal an earlier row's: ${grouped(count)}`, ...shown, ...rest(count)];
}

function quarantineLines({ count, reasons, rows }: ImportReport['quarantine'], url: string | null): string[] {
  if (count === 0) return [];
  const kinds = Object.entries(reasons).map(([reason, n]) => `${words(reason)} ${grouped(n)}`);
  const shown = rows.slice(0, SHOWN).map((row) => {
    const where = [
      row.layer && `layer ${row.layer}`,
      `row ${row.line}`,
      row.column && `column ${row.column}`,
    ];
    const value = row.value ? ` (${JSON.stringify(row.value.slice(0, 60))})` : '';
    return `  ${where.filter(Boolean).join(', ')}: ${row.message}${value}`;
  });
  return [
    `In quarantine: ${counted(count, 'row')} (${kinds.join(', ')})`,
    ...shown,
    ...rest(count),
    ...(url ? ['Correct them and import them with --keep-absent:', `  ${url}`] : []),
  ];
}

const rest = (count: number) => (count > SHOWN ? [`  and ${grouped(count - SHOWN)} more`] : []);

export function exitCodeOf(report: ImportReport): ExitCode {
  return report.quarantine.count > 0 ? EXIT.part : EXIT.all;
}
