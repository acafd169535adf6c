/** The story that the honest evidence tells (honest-evidence.ts): its members, its boundary, its timelines. */

export const SYSTEM = '7574838383838383838';
export const BOUNDARY = { lsn: '0/7A1B420', xid: '15870', time: '2026-11-21 05:51:02.131044+00', record: 'COMMIT' };
export const LAST_KEPT = { lsn: '0/7A1B2F8', xid: '15871', time: '2026-11-21 05:51:02.117733+00' };
export const TARGET_TIME = '2026-11-21 05:51:02.123456+00';
export const HISTORIES = {
  '2': '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n\n',
  '3': '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n\n\n2\t0/7A1B500\tno recovery target specified\n',
  '4': '1\t0/7A1B420\tbefore 2026-11-21 05:51:02.131044+00\n\n\n2\t0/7A1B500\tno recovery target specified\n\n3\t0/A0000A0\tno recovery target specified\n',
};
export const HELD = '1-5000,5645-6400';
export const DATABASES = ['ledger', 'postgres', 'thai'];
export const MEMBERS = ['db1', 'db2', 'db3'];
