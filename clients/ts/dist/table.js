export {};
//# sourceMappingURL=table.js.map