import {
  defineDrill,
  forgetTimeline,
  handTimelineNote,
  heal,
  patroniSays,
  promotedByHand,
  rejoinStruck,
} from 'pgdrill';

export default defineDrill({
  id: 'two-leaders-refused',
  title: 'a replica promoted by hand beside the leader: Patroni stops it, its timeline is forgotten',
  labels: ['dcs'],
  accident: promotedByHand(),
  recovery: heal({
    title: 'demoted by Patroni, copied anew, its timeline put aside in the archive',
    cures: [
      patroniSays(/demoting self because I do not have the lock and I was a leader|Demoting self \(immediate-nolock\)/),
      rejoinStruck(),
      forgetTimeline(handTimelineNote),
    ],
  }),
});
