"""What an owner looks at: the page and the workbook of a business, made from its reports alone."""
