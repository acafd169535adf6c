import { sabotage, there } from './spoiled';

const id = 'members';

/** What an accident has changed and nobody has put back; tried on `honestFailover`. */
export const asBeforeSabotages = [
  sabotage('setting-left-changed', 'a replica is set to something else than before', { reds: [id] }, ({ replica }) => {
    there(replica.settings, 'settings').restore_command = '0000000000000000';
  }),
  sabotage('setting-left-out', 'the leader lacks a setting that it had', { reds: [id] }, ({ leader }) => {
    delete there(leader.settings, 'settings').archive_command;
  }),
  sabotage('clock-left-wrong', 'the clock of a replica is an hour ahead', { reds: [id] }, ({ replica }) => {
    replica.clockAheadMs = there(replica.clockAheadMs, 'clock') + 3_600_000;
  }),
  sabotage('slot-not-permanent', "Barman's slot is no permanent one of Patroni's", { reds: [id] }, ({ cluster }) => {
    delete there(cluster.dcs?.config, 'dynamic configuration')['slots.barman.type'];
  }),
  sabotage('dynamic-left-changed', "Patroni's ttl is another", { reds: [id] }, ({ cluster }) => {
    there(cluster.dcs?.config, 'dynamic configuration').ttl = '0000000000000000';
  }),
  sabotage('dynamic-not-read', "nobody read Patroni's dynamic configuration", { unverified: [id] }, ({ cluster }) => {
    there(cluster.dcs?.config, 'dynamic configuration');
    delete cluster.dcs!.config;
  }),
  sabotage('settings-not-noted', 'nobody noted the settings before', { unverified: [id] }, ({ cluster }) => {
    there(cluster.settingsBefore, 'settings before');
    delete cluster.settingsBefore;
  }),
  sabotage('settings-not-read', 'nobody read the settings of a replica', { unverified: [id] }, ({ replica }) => {
    there(replica.settings, 'settings');
    delete replica.settings;
  }),
  sabotage('clock-not-read', 'nobody read the clock of a replica', { unverified: [id] }, ({ replica }) => {
    there(replica.clockAheadMs, 'clock');
    delete replica.clockAheadMs;
  }),
];
