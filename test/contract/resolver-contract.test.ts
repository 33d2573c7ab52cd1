import { expect } from "chai";
import { laws, sharedNames } from "./resolver-laws";
import type { Subject } from "./resolver-subject";
import { resolverNamed, subjectNames, subjectOf } from "./resolver-subjects";
import { startWorld, type World } from "./resolver-world";

describe("the contract of resolvers", () => {
  let world: World;
  before(async () => {
    world = await startWorld();
  });
  after(() => world.close());

  it("gives no two of them one name", () => {
    expect(sharedNames(subjectNames.map(resolverNamed))).to.deep.equal([]);
  });

  for (const name of subjectNames) {
    describe(name, () => {
      let subject: Subject;
      before(async () => {
        subject = await subjectOf(resolverNamed(name), world);
      });
      for (const law of laws) it(law.name, () => law.check(subject));
    });
  }
});
