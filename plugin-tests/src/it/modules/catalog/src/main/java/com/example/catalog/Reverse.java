package com.example.catalog;

import java.util.function.Function;

import org.springframework.stereotype.Component;

@Component
public class Reverse implements Function<String, String> {

	@Override
	public String apply(String text) {
		return new StringBuilder(text).reverse().toString();
	}

}
