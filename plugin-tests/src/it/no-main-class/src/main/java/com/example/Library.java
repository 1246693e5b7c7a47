package com.example;

public class Library {

}
