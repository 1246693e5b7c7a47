package com.example.function;

import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

@Component
public class Ledger {

	@Transactional
	public void balance() {
	}

}
