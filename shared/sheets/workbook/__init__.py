"""An Excel workbook (ECMA-376) taken apart, within bounds that the file does not choose."""
