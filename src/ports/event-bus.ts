/** Events for the rest of the company. Throws `BusUnavailable`. */
export interface EventBus {
  /**
   * Source `promoter`; `detailType` such as `Promotion Ended`. At least once: readers go by
   * `detail.promotion`.
   */
  publish(detailType: string, detail: Readonly<Record<string, unknown>>): Promise<void>;
}
