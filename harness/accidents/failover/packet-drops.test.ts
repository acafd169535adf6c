import { rulesOf } from './packet-drops';

const addresses = { etcd: ['10.0.0.1', '10.0.0.2'], replicas: ['10.0.0.5'], barman: ['10.0.0.9'] };
const text = (from: Parameters<typeof rulesOf>[0]) => rulesOf(from, addresses).map((rule) => rule.join(' '));

describe('rules of a cut', () => {
  test('from etcd or the replicas › drop both ways, and nobody else', () => {
    expect(text('replicas')).toEqual(['-s 10.0.0.5 -j DROP', '-d 10.0.0.5 -j DROP']);
    expect(text('etcd')).toEqual([
      '-s 10.0.0.1 -j DROP',
      '-d 10.0.0.1 -j DROP',
      '-s 10.0.0.2 -j DROP',
      '-d 10.0.0.2 -j DROP',
    ]);
  });

  test('from the cluster › both at once, Barman left alone', () => {
    expect(text('cluster')).toEqual([...text('etcd'), ...text('replicas')]);
  });

  test('from clients › the port of PostgreSQL, for whoever is none of the cluster', () => {
    const rules = text('clients');
    expect(rules.slice(-2)).toEqual(['-p tcp --dport 5432 -j DROP', '-p tcp --sport 5432 -j DROP']);
    const spared = rules.slice(0, -2);
    expect(spared.every((rule) => rule.endsWith('-j RETURN'))).toBe(true);
    for (const address of ['10.0.0.1', '10.0.0.5', '10.0.0.9', '127.0.0.0/8'])
      expect(spared).toEqual(expect.arrayContaining([`-s ${address} -j RETURN`, `-d ${address} -j RETURN`]));
  });
});
