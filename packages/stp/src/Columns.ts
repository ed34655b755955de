/** Copying and fingerprinting states that are made of columns: as for the control protocols of `l2`. */
export * from "@l2lab/l2/Columns"
