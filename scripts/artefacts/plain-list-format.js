/** Stands for Intl.ListFormat in the bundles. */
export class PlainListFormat {
  format(list) {
    return list.join(", ");
  }
}
