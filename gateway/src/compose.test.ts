import { FEDERATION_LINK } from '../testing/federation';
import { composeSupergraph } from './compose';

const places = {
  name: 'places',
  url: 'http://localhost:1',
  sdl: `${FEDERATION_LINK} type Query { place: Place } type Place @key(fields: "id") { id: ID! size: Int }`,
};

describe('composing the supergraph', () => {
  it('gives the same text each time', () => {
    expect(composeSupergraph([places])).toContain('join__Graph');
    expect(composeSupergraph([places])).toBe(composeSupergraph([places]));
  });

  it('says which subgraphs contradict each other, and about what', () => {
    const counts = {
      name: 'counts',
      url: 'http://localhost:2',
      sdl: `${FEDERATION_LINK} type Place @key(fields: "id") { id: ID! size: String }`,
    };
    expect(() => composeSupergraph([places, counts])).toThrow(
      /FIELD_TYPE_MISMATCH.*Place\.size.*counts line 3/,
    );
  });

  it('says which subgraph is no schema', () => {
    expect(() => composeSupergraph([{ ...places, sdl: 'type {' }])).toThrow(/places: Syntax Error/);
  });
});
