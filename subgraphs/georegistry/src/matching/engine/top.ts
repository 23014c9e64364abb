/** The few best of many, kept in order as they come: for a dozen, moving them is faster than sorting thousands. */
export class Top {
  count = 0;
  /** The best first; of equal weights the first unit. */
  readonly units: Int32Array;
  readonly weights: Float64Array;

  constructor(readonly most: number) {
    this.units = new Int32Array(most);
    this.weights = new Float64Array(most);
  }

  clear(): void {
    this.count = 0;
  }

  /** What must be reached to be among them. */
  get least(): number {
    return this.count < this.most ? Number.NEGATIVE_INFINITY : (this.weights[this.most - 1] as number);
  }

  offer(unit: number, weight: number): void {
    if (this.count === this.most && !this.isBefore(unit, weight, this.most - 1)) return;
    let at = this.count < this.most ? this.count++ : this.most - 1;
    while (at > 0 && this.isBefore(unit, weight, at - 1)) {
      this.units[at] = this.units[at - 1] as number;
      this.weights[at] = this.weights[at - 1] as number;
      at--;
    }
    this.units[at] = unit;
    this.weights[at] = weight;
  }

  private isBefore(unit: number, weight: number, at: number): boolean {
    const other = this.weights[at] as number;
    return weight > other || (weight === other && unit < (this.units[at] as number));
  }
}
