drop table saved_operation;
