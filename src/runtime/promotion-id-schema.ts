import * as z from "zod";
import { isPromotionId, promotionIdForm } from "../domain/promotion-id.ts";

/** The id of a promotion as it comes from outside. */
export const promotionIdSchema = z.string().refine(isPromotionId, `expected ${promotionIdForm}`);
