import Sequencer from "@jest/test-sequencer";

/** Files by name: a later suite starts from what an earlier one left deployed. */
export default class InOrder extends Sequencer {
  sort(tests) {
    return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
