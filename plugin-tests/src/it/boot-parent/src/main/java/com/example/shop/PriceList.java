package com.example.shop;

/**
 * Another class with a main method.
 */
public final class PriceList {

	private PriceList() {
	}

	public static void main(String[] args) {
		System.out.println("Everything is for free");
	}

}
