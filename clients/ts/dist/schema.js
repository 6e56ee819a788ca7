/**
 * Kind is how a column is kept in cells and coded. The numbers are those of the wire's ColumnKind.
 */
export const Kind = { INT: 1, BOOL: 2, POS: 3, ANGLE: 4, WIDE: 5, FLOAT: 6, STRING: 7, BYTES: 8 };
/** FieldKind is how a field of a message is sent. The numbers are those of the wire's FieldKind. */
export const FieldKind = { INT: 1, BOOL: 2, FLOAT: 3, STRING: 4, BYTES: 5 };
//# sourceMappingURL=schema.js.map