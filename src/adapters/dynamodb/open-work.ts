import type { OpenWork, Work } from "../../ports/open-work.ts";
import { fieldsOf } from "./marshal.ts";
import { deleteItem, keyText, putItem, queryItems, updateItem, type Key, type Table } from "./table.ts";

type WorkName = Parameters<OpenWork["remove"]>[1];

export function dynamodbOpenWork(table: Table): OpenWork {
  return {
    async add(application, work) {
      // Added again, it is open since it was added first.
      await putItem(table, keyOf(application, work), { fields: work, condition: "attribute_not_exists(pk)" });
    },
    remove: (application, work) => deleteItem(table, keyOf(application, work)),
    async setAside(application, work, note) {
      await putItem(table, keyOf(application, work), { fields: work, condition: "attribute_not_exists(pk)" });
      const set = ["#setAside = :note"];
      const { kind } = await updateItem(table, keyOf(application, work), { set, condition: "attribute_not_exists(#setAside)", values: { note } });
      return kind === "written";
    },
    async list(application) {
      const items = await queryItems(table, { pk: keyText("OPEN", application), prefix: "" });
      return items.map((item) => fieldsOf<Work>(item));
    },
  };
}

function keyOf(application: string, work: WorkName): Key {
  return { pk: keyText("OPEN", application), sk: keyText(work.kind, work.kind === "promotion" ? work.id : work.version) };
}
